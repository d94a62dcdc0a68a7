"""The YAML language of hotlines: source marks, field types, diagnostics, graph. Knows no word of it."""

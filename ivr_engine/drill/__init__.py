"""A drill: a scenario of the laboratory, played there or with marked calls on the running hotline, and judged."""

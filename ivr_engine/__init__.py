"""A hotline that answers in its worst hour: YAML menus, queues, overflow and encrypted recording on Asterisk."""

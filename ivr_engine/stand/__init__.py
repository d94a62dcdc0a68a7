"""Real things to try the hotline on: Asterisks, a broker, phones. A stand runs them and knows no call."""

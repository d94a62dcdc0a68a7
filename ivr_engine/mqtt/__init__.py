"""MQTT: what happens on the hotline, for whoever listens. Nobody listening changes nothing. And orders to agents."""

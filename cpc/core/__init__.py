"""Floor 1: what every app above may use and none may change. No tables; imports nothing of ours but itself."""

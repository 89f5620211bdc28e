"""Who acts and what they may do: users, keys, sessions, roles."""

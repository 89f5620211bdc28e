"""Projects: the unit of ownership and access. The smallest feature; copy its shape."""

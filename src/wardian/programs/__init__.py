"""Programs: code, environment, typed parameters, steps and data pointers, packed so that they run anywhere."""

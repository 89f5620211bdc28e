"""The name under which SAME's notebooks import their SDK. What it offers is ours."""

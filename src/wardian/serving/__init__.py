"""Deployments: models served over HTTP. The package itself imports nothing, so that a model server starts light."""

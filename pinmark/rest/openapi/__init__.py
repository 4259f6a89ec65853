"""The description of this API as OpenAPI 3.1, made from the operations that are served."""

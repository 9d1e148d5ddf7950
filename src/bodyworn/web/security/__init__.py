"""Who may look, and from where: the middleware, sign-in, and form tokens."""

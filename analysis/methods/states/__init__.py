"""Times with a state that subjects enter during follow-up."""

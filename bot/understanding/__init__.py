"""Understanding: what a citizen's words are about. Rasa graph components and the pure model inside them."""

"""The ground floor's rules: pure. Facts in; an answer and its reasons out."""

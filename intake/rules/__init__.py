"""收治的规则。Pure: facts in; an answer and its reasons out."""

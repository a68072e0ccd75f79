# The verbs of this house; each bootstraps what it needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PY := .venv/bin/python
STAMP := .venv/.stamp

.PHONY: help
help: ## 列出全部命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# The environment: done again only when its lock file changes.
.PHONY: .venv
.venv: $(STAMP)

$(STAMP): requirements-dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本。" >&2; exit 1; }
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

node_modules: node_modules/.stamp

node_modules/.stamp: package-lock.json
	@command -v npm >/dev/null || { echo "需要 Node.js 18 或更高版本（含 npm）：界面库、字体和测试用浏览器由 npm 提供。" >&2; exit 1; }
	npm ci --silent
	@touch $@

.PHONY: lock
lock: $(STAMP) ## 重新锁定依赖版本（带校验和）
	.venv/bin/uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	.venv/bin/uv pip compile pyproject.toml --extra embedded --extra dev -c requirements.txt $(LOCK) -o requirements-dev.txt
	npm install --package-lock-only --silent

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

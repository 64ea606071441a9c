# Two commands: "make demo" shows the addon, "make test" tests it. All of them get what
# they need by themselves; "python3 -m dev --help" tells the options.
DEV := python3 -m dev

.PHONY: help demo test lint format wheel bench reset stop clean
help:
	@echo "make demo    the demo company at http://localhost:8069"
	@echo "make test    all checks and tests; parts: $(DEV) test lint|engine|wheel|odoo"
	@echo "make lint    check the code's style;  make format repairs it"
	@echo "make wheel   build dist/*.whl"
	@echo "make bench   compare with the peers"
	@echo "make reset   drop the demo company;  make stop stops PostgreSQL"
	@echo "make clean   remove all that was made in this checkout (the demo company too)"

demo test lint format wheel bench reset stop:
	@$(DEV) $@

clean:
	@test ! -d .dev || $(DEV) stop --force
	rm -rf .dev build dist node_modules territory_planning/static/lib

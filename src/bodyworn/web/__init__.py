"""The workbench in the browser: FastAPI, one router and one template folder per noun."""

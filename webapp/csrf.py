"""Protection of forms against requests made by other sites; views that must do without it say so."""

from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()

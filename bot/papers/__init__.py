"""What people send as papers: pictures and PDF, looked at, cleaned and judged before they are kept."""

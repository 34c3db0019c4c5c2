"""What officers may do. Permissions are not ranks: each is given by itself."""

READ = "read_dossiers"
MOVE = "move_dossiers"
COMPOSE = "compose_broadcasts"
APPROVE = "approve_broadcasts"
CONTENT = "edit_content"
OFFICERS = "manage_officers"
REPORTS = "see_reports"

ALL = frozenset({READ, MOVE, COMPOSE, APPROVE, CONTENT, OFFICERS, REPORTS})
#: What an officer has unless told otherwise.
USUAL = frozenset({READ, MOVE})

"""What a message can ask for: the classes that `data/nlu` teaches and that officers label with."""

#: Asked of a procedure.
OF_A_PROCEDURE = (
    "ask_overview",
    "ask_documents",
    "ask_fee",
    "ask_time",
    "ask_where",
    "ask_how_online",
    "ask_eligibility",
    "ask_legal",
    "ask_result",
    "start_dossier",
)
#: Asked of the ward.
OF_THE_WARD = (
    "dossier_status",
    "book_appointment",
    "report_problem",
    "talk_to_officer",
    "give_feedback",
    "subscribe",
    "unsubscribe",
    "ask_hours",
    "ask_address",
    "ask_planning",
    "ask_news",
    "account_help",
    "out_of_scope",
)
#: Said in a conversation.
OF_TALK = ("greet", "goodbye", "thanks", "affirm", "deny", "cancel", "correct", "help")
INTENTS = frozenset((*OF_A_PROCEDURE, *OF_THE_WARD, *OF_TALK))

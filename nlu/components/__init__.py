"""The parts of Rasa's pipeline that know Vietnamese; config.yml names them ``components.<file>.<Class>``."""

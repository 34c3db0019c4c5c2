"""The parts of Rasa's pipeline that know Vietnamese. config.yml names them as ``components.<file>.<Class>``."""

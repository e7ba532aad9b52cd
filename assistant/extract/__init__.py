"""Document → Declaration: fields, scenes, KPIs, statements, each with the place it was read.

``find_fields``, ``find_scenes`` and ``find_kpis`` stand in their own modules; ``extract`` puts them together.
"""

from assistant.extract.assemble import document_info, extract
from assistant.extract.fields import Fields, find_fields

__all__ = ["Fields", "document_info", "extract", "find_fields"]

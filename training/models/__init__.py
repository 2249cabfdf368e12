from training.models.attempts import Attempt, AttemptQuestion, Qualification
from training.models.courses import Course, CourseUnlock, TimeAllowance
from training.models.questions import Question, QuestionVersion
from training.models.wording import in_language

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Course",
    "CourseUnlock",
    "Qualification",
    "Question",
    "QuestionVersion",
    "TimeAllowance",
    "in_language",
]

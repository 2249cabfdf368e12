"""The shapes of the outside contract. An attempt has no field for a key; a review has one, after the end only."""

from rest_framework import serializers

from training.enums import ClosedBy, Kind


class BlockSerializer(serializers.Serializer):
    is_list = serializers.BooleanField()
    lines = serializers.ListField(child=serializers.CharField())


class SectionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    blocks = BlockSerializer(many=True)


class UnlockSerializer(serializers.Serializer):
    permission = serializers.CharField()
    label = serializers.CharField()


class CourseSerializer(serializers.Serializer):
    code = serializers.CharField(source="course.code")
    title = serializers.CharField(source="course.title")
    questions = serializers.IntegerField()
    pass_mark = serializers.DecimalField(5, 2, source="course.pass_mark")
    minutes = serializers.IntegerField(source="course.minutes", allow_null=True)
    valid_months = serializers.IntegerField(source="course.valid_months")
    is_open = serializers.BooleanField(source="course.is_open")
    held_until = serializers.DateField(source="standing.held_until", allow_null=True)
    lapsed_on = serializers.DateField(source="standing.lapsed_on", allow_null=True)
    best_score = serializers.DecimalField(5, 2, source="standing.best_score", allow_null=True)
    last_score = serializers.DecimalField(5, 2, source="standing.last_score", allow_null=True)
    attempts = serializers.IntegerField(source="standing.attempts")
    running_attempt = serializers.IntegerField(source="standing.running", allow_null=True)


class CourseListSerializer(serializers.Serializer):
    results = CourseSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class CoursePageSerializer(CourseSerializer):
    """A course with its text; `material` is sections of paragraphs and lists."""

    material = SectionSerializer(many=True)
    unlocks = UnlockSerializer(many=True)


class OptionSerializer(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()


class AttemptQuestionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    stem = serializers.CharField()
    options = OptionSerializer(many=True)
    chosen = serializers.ListField(child=serializers.CharField())
    is_marked = serializers.BooleanField()


class AttemptSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    course = serializers.CharField(source="course_code")
    number = serializers.IntegerField()
    pass_mark = serializers.DecimalField(5, 2)
    started_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    questions = AttemptQuestionSerializer(many=True)


class ReviewSerializer(serializers.Serializer):
    """`chosen` and `key` are option ids of this attempt."""

    question = serializers.IntegerField(source="id")
    kind = serializers.ChoiceField(Kind.choices)
    stem = serializers.CharField()
    options = OptionSerializer(many=True)
    chosen = serializers.ListField(child=serializers.CharField())
    key = serializers.ListField(child=serializers.CharField())
    right = serializers.BooleanField(source="is_right")
    explanation = serializers.CharField()


class ResultSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="attempt.pk")
    course = serializers.CharField(source="attempt.course.code")
    score = serializers.DecimalField(5, 2, source="attempt.score")
    passed = serializers.BooleanField(source="attempt.passed")
    right = serializers.IntegerField(source="attempt.right")
    total = serializers.IntegerField(source="attempt.total")
    best_score = serializers.DecimalField(5, 2)
    submitted_at = serializers.DateTimeField(source="attempt.submitted_at")
    closed_by = serializers.ChoiceField(ClosedBy.choices, source="attempt.closed_by")
    qualified_until = serializers.DateField(allow_null=True)
    review = ReviewSerializer(source="reviews", many=True)


class SubmissionSerializer(serializers.Serializer):
    """`answers` laid over those saved before; without it those saved count."""

    answers = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)

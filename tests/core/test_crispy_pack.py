import re
from datetime import date

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template import Context, Template
from django.utils import translation


class Opening(forms.Form):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    valid_until = forms.DateField(label="到期日", required=False)
    birth_date = forms.DateField(label="出生日期", required=False, widget=forms.DateInput(attrs={"readonly": True}))
    long_term = forms.BooleanField(label="长期", required=False)
    decision = forms.ChoiceField(
        label="处理", choices=[("proceed", "继续办理"), ("refuse", "拒绝")], widget=forms.RadioSelect
    )
    draft = forms.CharField(widget=forms.HiddenInput, required=False)


class LaidOut(Opening):
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(Fieldset("身份证件", "name", "valid_until"))


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def render(source, form):
    html = Template("{% load crispy_forms_tags %}" + source).render(Context({"form": form}))
    return re.sub(r"\s+", " ", html)


def test_label_control_and_hint_belong_together():
    html = render("{{ form.name|as_crispy_field }}", Opening())
    assert '<label for="id_name">姓名<span class="field__must" aria-hidden="true">*</span></label>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert '<p class="field__hint" id="id_name_helptext">与证件一致</p>' in html
    assert 'autocomplete="off"' in html
    assert 'class="input"' in html


def test_an_error_stands_beside_the_field_and_is_told_to_screen_readers():
    html = render("{{ form.name|as_crispy_field }}", Opening({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<p class="field__error" id="id_name_error"><span class="sr">错误：</span>该字段是必填项。</p>' in html


def test_dates_are_typed_and_shown_in_iso():
    html = render("{{ form.valid_until|as_crispy_field }}", Opening(initial={"valid_until": date(2039, 5, 20)}))
    assert 'value="2039-05-20"' in html
    assert 'inputmode="numeric"' in html
    assert 'placeholder="YYYY-MM-DD"' in html


def test_what_the_document_filled_is_drawn_as_filled():
    html = render('{% include "tellerdesk/field.html" with field=form.birth_date end="由证件带出" %}', Opening())
    assert 'class="input input--filled"' in html
    assert '<span class="end">由证件带出</span>' in html


def test_choices_are_one_group_and_the_chosen_one_is_marked():
    html = render("{{ form.decision|as_crispy_field }}", Opening({"decision": "refuse"}))
    assert 'role="radiogroup" aria-labelledby="id_decision_label"' in html
    assert html.count('<label class="choice"') == 1
    assert '<label class="choice choice--on" for="id_decision_1">' in html


def test_a_group_of_choices_tells_its_error():
    html = render("{{ form.decision|as_crispy_field }}", Opening({}))
    assert 'aria-describedby="id_decision_error" aria-invalid="true"' in html


def test_a_checkbox_has_its_label_at_the_right():
    html = render("{{ form.long_term|as_crispy_field }}", Opening({"long_term": "on"}))
    assert re.search(
        r'<label class="checkline" for="id_long_term"><input type="checkbox"[^>]* checked>长期</label>', html
    )


def test_a_whole_form_without_tag_has_fields_only():
    html = render("{% crispy form %}", LaidOut())
    assert "<form" not in html
    assert '<legend class="card__head"><span class="card__title">身份证件</span></legend>' in html
    assert html.count('<div class="field"') == 2


def test_hidden_fields_are_there_without_a_label():
    html = render("{{ form|crispy }}", Opening(initial={"draft": "7"}))
    assert '<input type="hidden" name="draft" value="7" id="id_draft">' in html
    assert "id_draft_field" not in html


def test_each_line_of_the_summary_leads_to_its_field():
    form = Opening({"decision": "refuse"})
    form.add_error("decision", "须理由")
    form.add_error(None, "证件已到期")
    html = render('{% include "components/error_summary.html" %}', form)
    assert "有 3 处需要更正，已录内容都还在" in html
    assert '<a href="#id_name">姓名：该字段是必填项。</a>' in html
    assert '<a href="#id_decision_0">处理：须理由</a>' in html
    assert "<span>证件已到期</span>" in html


def test_a_form_without_errors_has_no_summary():
    assert render('{% include "components/error_summary.html" %}', Opening()).strip() == ""

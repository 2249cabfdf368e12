"""JSON that can always be sent. Apart from core.api, which DRF's views need to have read this already."""

from rest_framework.renderers import JSONRenderer


class JsonRenderer(JSONRenderer):
    """Half a UTF-16 pair, which JSON lets in and a message may quote, goes back as the escape it came as."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        try:
            return super().render(data, accepted_media_type, renderer_context)
        except UnicodeEncodeError:
            self.ensure_ascii = True
            return super().render(data, accepted_media_type, renderer_context)

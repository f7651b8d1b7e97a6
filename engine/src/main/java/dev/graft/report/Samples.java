package dev.graft.report;

import dev.graft.report.TestOutcome.Sample;
import java.util.List;
import java.util.stream.Collectors;

/** What a model goes on with, beside how the examples go on in truth. */
final class Samples {

  private Samples() {}

  static String html(List<Sample> samples) {
    return Html.section(
        "samples",
        "Generated",
        "The first examples of the test part, as they come: what the model is given, how it goes"
            + " on with the likeliest words, and what stands there in truth.",
        samples.stream()
            .map(
                sample ->
                    Html.format(
                        "<dl class=\"sample\""
                            + " title=\"%s\"><dt>given</dt><dd>%s</dd><dt>generated</dt><dd><b>%s</b></dd><dt>in"
                            + " truth</dt><dd>%s</dd></dl>",
                        sample.id(), sample.prompt(), sample.generated(), sample.truth()))
            .collect(Collectors.joining("\n")));
  }
}

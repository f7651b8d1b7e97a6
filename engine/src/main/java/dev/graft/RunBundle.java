package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import dev.graft.report.BaseCard;
import dev.graft.report.Report;
import dev.graft.report.ReportPage;
import dev.graft.report.TrainResult;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bundle of a run that was completed: its weights, what is said of them, its report. */
final class RunBundle {

  private RunBundle() {}

  /**
   * Writes it into the run folder.
   *
   * @param data name of the data, for the report
   * @param trainer that has run, with its model
   */
  static Bundle write(
      String data,
      Prepared prepared,
      TrainJob job,
      Trainer trainer,
      TrainResult result,
      Instant now)
      throws IOException {
    Base base = prepared.base();
    Model model = trainer.model();
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> weights.put(name, tensor.toHost()));
    }
    String created = now.truncatedTo(ChronoUnit.SECONDS).toString();
    BaseCard card = card(base, prepared.plan());
    Report report =
        new RunReport(job, model, result, trainer.testEvaluations())
            .gather(data, card, prepared.plan().explain(model), created);
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            model.spec(),
            surgery(base, prepared.plan()),
            prepared.task().id(),
            prepared.task().settings(),
            base.preprocessing().modality(),
            base.preprocessing().settings(),
            prepared.plan(),
            new Manifest.BaseReference(card.name(), card.digest()),
            Map.of("validation", result.validation(), "test", result.test()),
            new Manifest.ParameterCounts(result.parameters(), result.trainable()),
            Map.of(),
            report.environment(),
            created,
            prepared.read());
    Map<String, byte[]> files = new LinkedHashMap<>(base.preprocessing().files());
    files.put(Bundle.REPORT, ReportPage.render(report).getBytes(StandardCharsets.UTF_8));
    return Bundle.write(job.folder().resolve("bundle"), manifest, weights, files);
  }

  /** Every change of the network since it was built: those of the base, then those of the plan. */
  private static List<Choice> surgery(Base base, Plan plan) {
    List<Choice> all = new ArrayList<>(plan.fromScratch() ? List.of() : base.surgery());
    all.addAll(plan.surgery());
    return all;
  }

  private static BaseCard card(Base base, Plan plan) {
    return new BaseCard(
        base.name(),
        base.family().about().id(),
        base.card().licence(),
        base.card().source(),
        plan.fromScratch() ? "" : base.weights().orElseThrow().digest(),
        base.preprocessing().settings());
  }
}

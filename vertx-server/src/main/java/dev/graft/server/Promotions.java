package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.server.access.Refusal;
import dev.graft.server.jobs.Training;
import dev.graft.server.registry.Promotion;
import dev.graft.server.registry.Versions;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Lets versions of models answer and takes that back. A version is loaded before it answers, so
 * that one that cannot be loaded never does, and requests never wait for one.
 */
final class Promotions {

  private final ModelRepository models;
  private final Versions versions;
  private final Training training;

  Promotions(ModelRepository models, Versions versions, Training training) {
    this.models = models;
    this.versions = versions;
    this.training = training;
  }

  /**
   * Makes the bundle of a job a version of a model, unless it is one already, and lets it answer.
   *
   * @throws Refusal if the job has not succeeded or the model has no versions
   */
  synchronized Promotion promoteJob(String model, String job) throws IOException {
    Bundle bundle = training.bundle(job);
    String digest = ModelFolder.digest(bundle.folder());
    OptionalInt known = versions.version(model, digest);
    if (known.isPresent()) {
      return promote(model, known.getAsInt());
    }
    keepWhatAnswers(model);
    return promote(model, models.add(model, bundle));
  }

  /**
   * Lets a version that lies in the folder answer.
   *
   * @throws Refusal if there is none, it cannot be loaded, or it was changed since it answered last
   */
  synchronized Promotion promote(String model, int version) throws IOException {
    keepWhatAnswers(model);
    String digest = models.loadVersion(model, version);
    versions.register(model, version, digest);
    Promotion promotion = versions.promote(model, version);
    models.answerWith(model, promotion.version());
    return promotion;
  }

  /**
   * Lets what answered before the last promotion answer again.
   *
   * @throws Refusal if nothing did, or it cannot be loaded any more
   */
  synchronized Promotion rollback(String model) throws IOException {
    var unused = models.loadVersion(model, versions.beforeLast(model));
    Promotion promotion = versions.rollback(model);
    models.answerWith(model, promotion.version());
    return promotion;
  }

  /** What answers because it is the newest is written down, so that a rollback finds it. */
  private void keepWhatAnswers(String model) throws IOException {
    OptionalInt newest = models.answering(model);
    if (versions.promoted(model).isEmpty() && newest.isPresent()) {
      int version = newest.getAsInt();
      versions.register(model, version, models.loadVersion(model, version));
      var unused = versions.promote(model, version);
    }
  }
}

package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.server.access.Refusal;
import dev.graft.server.registry.Promotion;
import dev.graft.server.registry.Versions;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Lets versions of models answer and takes that back. A version is loaded before it answers, so
 * that one that cannot be loaded never does, and requests never wait for one.
 */
final class Promotions {

  /** Promoted elsewhere, and cannot answer here. */
  private record Missing(int version, GrpcStatus why) {}

  private static final System.Logger LOG = System.getLogger(Promotions.class.getName());

  private final ModelRepository models;
  private final Versions versions;

  /** By model. */
  private final Map<String, Missing> missing = new HashMap<>();

  Promotions(ModelRepository models, Versions versions) {
    this.models = models;
    this.versions = versions;
  }

  /**
   * Makes a bundle a version of a model, unless it is one already, and lets it answer; where that
   * fails it is no version either.
   *
   * @throws Refusal if it cannot be loaded or the model has no versions
   */
  synchronized Promotion promote(String model, Bundle bundle) throws IOException {
    String digest = ModelFolder.digest(bundle.folder());
    OptionalInt known = versions.version(model, digest);
    if (known.isPresent()) {
      return promote(model, known.getAsInt());
    }
    keepWhatAnswers(model);
    int version = models.add(model, bundle);
    try {
      return promote(model, version);
    } catch (IOException | RuntimeException e) {
      takeBack(model, version, e);
      throw e;
    }
  }

  /** Removes a version again, unless the registry has it as promoted in spite of the failure. */
  private void takeBack(String model, int version, Exception failure) {
    try {
      if (versions.forget(model, version)) {
        models.remove(model, version);
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
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

  /**
   * Lets answer what other servers on the registry promoted, or went back to, since the last look.
   * Where such a version is not in the folder, or cannot be loaded, what answers here goes on; one
   * that is not there yet is looked for each time, one that cannot be loaded is not tried again
   * until somebody asks for it to be loaded.
   *
   * @throws IOException if the registry or the folder cannot be read
   */
  synchronized void follow() throws IOException {
    for (Map.Entry<String, Integer> each : versions.promoted().entrySet()) {
      if (!models.isPromoted(each.getKey(), each.getValue())) {
        follow(each.getKey(), each.getValue());
      }
    }
  }

  private void follow(String model, int version) throws IOException {
    if (new Missing(version, GrpcStatus.UNAVAILABLE).equals(missing.get(model))) {
      return;
    }
    try {
      var unused = models.loadVersion(model, version);
      models.answerWith(model, version);
      missing.remove(model);
      LOG.log(Level.INFO, "version {0} of {1} answers, as on another server", version, model);
    } catch (Refusal e) {
      Missing now = new Missing(version, e.status());
      if (!now.equals(missing.put(model, now))) {
        LOG.log(Level.WARNING, "promoted on another server: {0}", e.getMessage());
      }
    }
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

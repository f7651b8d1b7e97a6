package dev.graft.bundle;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import java.util.List;
import java.util.Map;

/**
 * What a bundle says about itself; the file {@code graft.json}. Keys a reader does not know are
 * ignored, so that later versions may add some.
 *
 * @param formatVersion version of this form; a reader refuses a newer one
 * @param model how the network is built, before surgery
 * @param surgery changes of the network, in order
 * @param task id of the task
 * @param taskSettings settings of the task, with its labels
 * @param modality id of the modality of the inputs
 * @param preprocessing settings of the preprocessing
 * @param plan the whole plan that was carried out
 * @param base name and digest of the pretrained weights
 * @param metrics figures by part ({@code validation}, {@code test}) and id
 * @param parameters number of all parameters and of those that trained
 * @param digests SHA-256 of the other files of the bundle, by name
 * @param environment versions and libraries it was made with
 * @param created time of writing, ISO 8601, UTC
 * @param data how the training data were read: id and settings of the source; of no id where that
 *     is not known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    int formatVersion,
    ModelSpec model,
    List<Choice> surgery,
    String task,
    Map<String, Object> taskSettings,
    String modality,
    Map<String, Object> preprocessing,
    Plan plan,
    BaseReference base,
    Map<String, Map<String, Double>> metrics,
    ParameterCounts parameters,
    Map<String, String> digests,
    Map<String, String> environment,
    String created,
    Choice data) {

  public Manifest {
    data = data == null ? Choice.of("") : data;
  }

  /** The version of bundles that hold all weights. */
  public static final int VERSION = 1;

  /** The version of bundles that need their base, and the newest that is read. */
  static final int VERSION_OF_CHANGES = 2;

  /**
   * The pretrained weights a bundle came from.
   *
   * @param name name of the base folder
   * @param digest digest of its weights; empty where the run started from random weights
   */
  public record BaseReference(String name, String digest) {}

  /**
   * Numbers of parameters.
   *
   * @param total all
   * @param trainable those that trained in at least one phase
   */
  public record ParameterCounts(long total, long trainable) {}

  /**
   * With other weights, for which no figures are known.
   *
   * @param value changes of the network that lead to them
   * @param total number of all parameters
   */
  public Manifest withContent(List<Choice> value, long total) {
    return new Manifest(
        formatVersion,
        model,
        value,
        task,
        taskSettings,
        modality,
        preprocessing,
        plan,
        base,
        Map.of(),
        new ParameterCounts(total, 0),
        digests,
        environment,
        created,
        data);
  }

  /** With another base. */
  public Manifest withBase(BaseReference value) {
    return new Manifest(
        formatVersion,
        model,
        surgery,
        task,
        taskSettings,
        modality,
        preprocessing,
        plan,
        value,
        metrics,
        parameters,
        digests,
        environment,
        created,
        data);
  }

  /** With the version of the form and the digests of the files that were written. */
  Manifest withFiles(int version, Map<String, String> value) {
    return new Manifest(
        version,
        model,
        surgery,
        task,
        taskSettings,
        modality,
        preprocessing,
        plan,
        base,
        metrics,
        parameters,
        value,
        environment,
        created,
        data);
  }
}

package dev.graft.spi;

import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.weights.LoadRules;
import java.util.Map;
import java.util.Optional;

/** A family of networks: builds one from published settings, never from a file's name. */
public interface ModelFamily extends Plugin {

  /**
   * Reads a configuration: a {@code config.json} with {@code model_type} or {@code architecture},
   * or a library's {@code constructor} with its {@code arguments}.
   *
   * @return how to build the network, or empty where the configuration is not of this family
   * @throws IllegalArgumentException if it is of this family but a setting is unknown or out of
   *     range
   */
  Optional<ModelSpec> read(Map<String, Object> config);

  /** Builds the network with random weights, drawn from the default generator. */
  Network build(ModelSpec spec);

  /**
   * The network for inputs that a preprocessing was fitted to, where the configuration leaves open
   * what depends on them: the columns of a table, the size of a vocabulary.
   */
  default ModelSpec fitted(ModelSpec spec, Preprocessing preprocessing) {
    return spec;
  }

  /**
   * What may differ between published weights of this family and the network: names of other
   * versions, tensors that only a pretraining task reads, heads that the weights lack. Weights of
   * bundles are loaded without it.
   *
   * @param model as {@link #build} made it
   */
  default LoadRules loadRules(Model model) {
    return LoadRules.strict();
  }

  /** Id of the modality of its inputs, for example {@code image}. */
  String modality();

  /**
   * The same network in the form that can be trained from random weights: with normalisation layers
   * where the published weights have them folded into the convolutions.
   */
  default ModelSpec trainable(ModelSpec spec) {
    return spec;
  }

  /** True if the published form has its normalisation folded into the weights. */
  default boolean foldedNormalisation(ModelSpec spec) {
    return !trainable(spec).equals(spec);
  }
}

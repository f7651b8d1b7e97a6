package dev.graft.text.vectors;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.ModelFamily;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.weights.LoadRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Families over word vectors. Their base is a folder with {@code config.json}, {@code vocab.txt}
 * (one word a line) and a weight file with {@code embedding.weight}, a row for each word; the other
 * layers start at random where the file lacks them.
 */
abstract class VectorFamily implements ModelFamily {

  /** The settings there are. */
  abstract List<Setting> settings();

  /** Builds the network. */
  abstract Network network(Settings settings);

  /** The settings of all such families. */
  static List<Setting> common() {
    return List.of(
        Setting.integer("words", 400_000, 1, 10_000_000, "rows of embedding.weight"),
        Setting.integer("embedding_size", 50, 1, 65_536, "features of a word"),
        Setting.integer("num_labels", 2, 1, 1_000_000, "outputs of the head"));
  }

  @Override
  public String modality() {
    return TextModality.ID;
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    if (!about().id().equals(config.get("model_type"))) {
      return Optional.empty();
    }
    List<String> keys = settings().stream().map(Setting::key).toList();
    Map<String, Object> known = new LinkedHashMap<>(config);
    known.keySet().retainAll(keys);
    return Optional.of(
        new ModelSpec(
            about().id(), new Settings(known).checked(about().id(), settings()).values()));
  }

  @Override
  public Network build(ModelSpec spec) {
    return network(new Settings(spec.settings()).checked(about().id(), settings()));
  }

  @Override
  public LoadRules loadRules(Model model) {
    return LoadRules.strict()
        .replaceable(
            model.state().keySet().stream()
                .filter(name -> !name.startsWith("embedding."))
                .collect(Collectors.toSet()));
  }
}

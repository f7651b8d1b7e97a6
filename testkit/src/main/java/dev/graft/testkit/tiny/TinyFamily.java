package dev.graft.testkit.tiny;

import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two networks of some hundred parameters: {@link TinyNetwork} for pictures, with convolutions and
 * batch normalisation, and {@link TinyMlp} for rows, with layer normalisation.
 */
public final class TinyFamily implements ModelFamily {

  /** Id of this family, and its {@code model_type}. */
  public static final String ID = "tiny";

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text(
              "input",
              TinyPreprocessing.PIXELS,
              List.of(TinyPreprocessing.PIXELS, TinyPreprocessing.NUMERIC),
              "what it reads"),
          Setting.integer("num_labels", 4, 1, 1000, "outputs of the head"));

  @Override
  public About about() {
    return new About(ID, "networks of some hundred parameters, for tests", "none");
  }

  /** The network for an input, with the head it was pretrained with. */
  public static ModelSpec spec(String input) {
    return new ModelSpec(ID, Settings.of("input", input).checked(ID, SETTINGS).values());
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    if (!ID.equals(config.get("model_type"))) {
      return Optional.empty();
    }
    Map<String, Object> settings = new LinkedHashMap<>(config);
    settings.remove("model_type");
    return Optional.of(new ModelSpec(ID, new Settings(settings).checked(ID, SETTINGS).values()));
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(ID, SETTINGS);
    int labels = settings.integer("num_labels");
    return settings.text("input").equals(TinyPreprocessing.PIXELS)
        ? new TinyNetwork(labels)
        : new TinyMlp(labels);
  }

  @Override
  public String modality() {
    return TinyModality.ID;
  }
}

package dev.graft;

import dev.graft.data.Preprocessing;
import dev.graft.internal.Json;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.train.BaseModel;
import dev.graft.weights.LoadRules;
import dev.graft.weights.WeightLoader;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pretrained model on disk: a folder as Hugging Face publishes it ({@code config.json}, weights,
 * {@code preprocessor_config.json}), from which any number of models can be built.
 */
public final class Base implements BaseModel {

  private final Path folder;
  private final ModelFamily family;
  private final ModelSpec spec;
  private final Weights weights;
  private final Preprocessing preprocessing;

  private Base(
      Path folder,
      ModelFamily family,
      ModelSpec spec,
      Weights weights,
      Preprocessing preprocessing) {
    this.folder = folder;
    this.family = family;
    this.spec = spec;
    this.weights = weights;
    this.preprocessing = preprocessing;
  }

  /**
   * Opens a base folder.
   *
   * @param overrides preprocessing settings that replace those of the folder, for example {@code
   *     input_size}; empty for none
   * @throws IOException if a file is missing or cannot be read; the message says which and why
   */
  public static Base open(Path folder, Map<String, Object> overrides, Registry registry)
      throws IOException {
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      throw new IOException(
          "'%s' is no base model: it has no config.json; a base is a folder with config.json and weights"
              .formatted(folder));
    }
    ModelSpec spec = registry.modelSpec(Json.readObject(config));
    ModelFamily family = registry.get(ModelFamily.class, spec.family());
    Path preprocessor = folder.resolve("preprocessor_config.json");
    Map<String, Object> settings = new LinkedHashMap<>();
    if (Files.exists(preprocessor)) {
      settings.putAll(Json.readObject(preprocessor));
    }
    settings.putAll(overrides);
    Preprocessing preprocessing =
        registry.get(Modality.class, family.modality()).preprocessing(settings);
    return new Base(folder, family, spec, Weights.open(folder), preprocessing);
  }

  /** Where it was opened. */
  public Path folder() {
    return folder;
  }

  /** Its name: that of the folder. */
  public String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** How its network is built. */
  public ModelSpec spec() {
    return spec;
  }

  /** The family of its network. */
  public ModelFamily family() {
    return family;
  }

  /** Its weights as they stand on disk. */
  public Weights weights() {
    return weights;
  }

  /** How examples become its inputs. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public Model pretrained() {
    Model model = new Model(spec, family.build(spec));
    try {
      WeightLoader.load(model, weights, LoadRules.strict());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    return model;
  }

  @Override
  public Model random() {
    ModelSpec trainable = family.trainable(spec);
    return new Model(trainable, family.build(trainable));
  }
}

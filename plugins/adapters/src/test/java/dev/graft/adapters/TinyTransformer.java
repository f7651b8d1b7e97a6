package dev.graft.adapters;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.BaseModel;
import java.util.Map;

/** A vision transformer of two blocks over the tiny pictures. */
public final class TinyTransformer {

  private static final long SEED = 11;

  private TinyTransformer() {}

  /** With the parameter names of timm. */
  public static TinyTransfer pictures() {
    return pictures("timm");
  }

  /** With the parameter names of a library. */
  public static TinyTransfer pictures(String names) {
    TinyTransfer tiny = TinyTransfer.pictures();
    return new TinyTransfer(
        new Base(names), tiny.data(), tiny.task(), tiny.preprocessing(), tiny.teacher());
  }

  /** A model with weights that are always the same. */
  private static final class Base implements BaseModel {

    private final ModelSpec spec;

    Base(String names) {
      spec =
          new ModelSpec(
              "vit",
              Map.of(
                  "image_size", 8,
                  "patch_size", 4,
                  "hidden_size", 8,
                  "num_hidden_layers", 2,
                  "num_attention_heads", 2,
                  "intermediate_size", 16,
                  "num_labels", 3,
                  "parameter_names", names));
    }

    @Override
    public Model pretrained() {
      HostTensor random = RandomState.save();
      RandomState.seed(SEED);
      Model model = random();
      RandomState.restore(random);
      return model;
    }

    @Override
    public Model random() {
      Registry registry = Registry.load(TinyTransformer.class.getClassLoader());
      return new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec))
          .withChannelsInnermost();
    }
  }
}

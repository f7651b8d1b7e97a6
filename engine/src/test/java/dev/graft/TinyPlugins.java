package dev.graft;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.DataParts;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.internal.Json;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Subject;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.train.TinyJobs;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The network and data of {@link TinyJobs} as plugins, so that whole transfers run in tests. */
public final class TinyPlugins {

  private TinyPlugins() {}

  /** Writes a base folder whose normalisations are folded into its convolutions. */
  public static Path base(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> config = Map.of("model_type", "tiny-conv", "folded", true);
    Files.write(folder.resolve("config.json"), Json.write(config));
    RandomState.seed(11);
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    try (Scope scope = Scope.open();
        Model model =
            new Model(new ModelSpec("tiny-conv", config), new TinyJobs.TinyNetwork(true))) {
      model.state().forEach((name, tensor) -> weights.put(name, tensor.toHost()));
    }
    Weights.of(weights).save(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("README.md"), "Licence: CC0\nSource: drawn at random\n");
    return folder;
  }

  /** Writes a data folder: three classes, 45 examples to train on, 21 to select and 21 to test. */
  public static Path data(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("tiny.txt"), "45 21 21");
    return folder;
  }

  /** A run of two epochs on the base and data of these plugins. */
  public static Fitted fit(Path folder, String settings) throws IOException {
    return Graft.create()
        .transfer(base(folder.resolve("tiny base")), data(folder.resolve("tiny data")))
        .method("tiny-method" + settings)
        .seed(3)
        .fit(folder.resolve("run"));
  }

  /** An example in the form that a client sends. */
  public static byte[] bytes(Example example) {
    HostTensor pixels = example.get("pixels");
    byte[] bytes = new byte[pixels.data().remaining()];
    pixels.data().get(bytes);
    return bytes;
  }

  public static final class Family implements ModelFamily {

    @Override
    public About about() {
      return new About("tiny-conv", "two convolutions", "none");
    }

    @Override
    public Optional<ModelSpec> read(Map<String, Object> config) {
      return "tiny-conv".equals(config.get("model_type"))
          ? Optional.of(new ModelSpec("tiny-conv", Map.of("folded", config.get("folded"))))
          : Optional.empty();
    }

    @Override
    public Network build(ModelSpec spec) {
      return new TinyJobs.TinyNetwork((Boolean) spec.settings().get("folded"));
    }

    @Override
    public String modality() {
      return "tiny";
    }

    @Override
    public ModelSpec trainable(ModelSpec spec) {
      return new ModelSpec(spec.family(), Map.of("folded", false));
    }
  }

  public static final class Pixels implements Modality {

    @Override
    public About about() {
      return new About("tiny", "6 x 6 numbers", "none");
    }

    @Override
    public Preprocessing preprocessing(Map<String, Object> settings) {
      return TinyJobs.preprocessing();
    }

    @Override
    public Example decode(String id, byte[] content) throws CorruptExampleException {
      if (content.length != 36 * Float.BYTES) {
        throw new CorruptExampleException(id, content.length + " bytes", null);
      }
      HostTensor pixels =
          new HostTensor(DType.FLOAT32, new long[] {1, 6, 6}, ByteBuffer.wrap(content));
      return Example.of(id, "pixels", pixels);
    }

    @Override
    public Optional<String> html(Example example) {
      return Optional.of("<i>" + example.id() + "</i>");
    }
  }

  public static final class Source implements DataSource {

    @Override
    public About about() {
      return new About("tiny-data", "a file with three numbers", "none");
    }

    @Override
    public boolean recognises(Path path) {
      return Files.exists(path.resolve("tiny.txt"));
    }

    @Override
    public DataParts open(Path path, Settings settings) throws IOException {
      String[] sizes = Files.readString(path.resolve("tiny.txt")).split(" ");
      return new DataParts(
          "tiny",
          new TinyJobs.Images(Integer.parseInt(sizes[0]), 1),
          Optional.of(new TinyJobs.Images(Integer.parseInt(sizes[1]), 2)),
          Optional.of(new TinyJobs.Images(Integer.parseInt(sizes[2]), 3)));
    }
  }

  /** Everything trains. */
  public static final class Method extends TinyMethod {

    /** Makes the method. */
    public Method() {
      super(
          "tiny-method",
          Role.STRATEGY,
          Setting.flag("scratch", false, "from random weights"),
          Setting.integer("epochs", 2, 1, 100, "passes over the training part"));
    }

    @Override
    public Plan contribute(Plan plan, Settings settings, Subject subject) {
      Phase phase =
          everything(Choice.of("sgd").with("lr", 0.1).with("momentum", 0.9))
              .withLength(Length.epochs(settings.integer("epochs")));
      return plan.withPhases(List.of(phase)).withFromScratch(settings.flag("scratch"));
    }
  }
}

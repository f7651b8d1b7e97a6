package dev.graft.server;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TrainTransform;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.tensor.NamedTensors;
import dev.graft.testkit.tiny.TinyModality;
import dev.graft.testkit.tiny.TinyPreprocessing;
import io.vertx.core.Context;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tiny pictures; notes for each that is transformed whether an event loop did it, and fails to put
 * them together when it is told to.
 */
public final class NotedModality implements Modality {

  private static final String ID = "noted";

  /** True for each picture that was transformed on an event loop, false for others. */
  static final Queue<Boolean> ON_EVENT_LOOP = new ConcurrentLinkedQueue<>();

  /** While it is true no batch can be put together. */
  static final AtomicBoolean BROKEN = new AtomicBoolean();

  private final Modality pictures = new TinyModality();

  @Override
  public About about() {
    return new About(ID, "pictures of 8 x 8 pixels, for tests", "none");
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings) {
    return new Noted(pictures.preprocessing(settings));
  }

  /** Of pictures. */
  static Preprocessing preprocessing() {
    return new Noted(new TinyPreprocessing(TinyPreprocessing.PIXELS));
  }

  @Override
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    return pictures.decode(id, content);
  }

  private record Noted(Preprocessing pictures) implements Preprocessing {

    @Override
    public String modality() {
      return ID;
    }

    @Override
    public Map<String, Object> settings() {
      return pictures.settings();
    }

    @Override
    public EvalTransform evalTransform() {
      return raw -> {
        ON_EVENT_LOOP.add(Context.isOnEventLoopThread());
        return pictures.evalTransform().apply(raw);
      };
    }

    @Override
    public TrainTransform trainTransform(String augmentation) {
      return pictures.trainTransform(augmentation);
    }

    @Override
    public Set<String> augmentations() {
      return pictures.augmentations();
    }

    @Override
    public NamedTensors collate(List<Example> examples) {
      if (BROKEN.get()) {
        throw new IllegalArgumentException("what only the log says");
      }
      return pictures.collate(examples);
    }
  }
}

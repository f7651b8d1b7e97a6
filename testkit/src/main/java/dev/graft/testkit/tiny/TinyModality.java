package dev.graft.testkit.tiny;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.tensor.HostTensor;
import java.util.Map;

/** Tiny pictures as 192 bytes, row by row, red, green, blue. */
public final class TinyModality implements Modality {

  /** Id of this modality. */
  public static final String ID = "tiny";

  private static final int BYTES = TinyImages.SIDE * TinyImages.SIDE * 3;

  @Override
  public About about() {
    return new About(ID, "pictures of 8 x 8 pixels and rows of six numbers, for tests", "none");
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings) {
    return new TinyPreprocessing(String.valueOf(settings.get("input")));
  }

  @Override
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    if (content.length != BYTES) {
      throw new CorruptExampleException(
          id, "%d bytes, a tiny picture has %d".formatted(content.length, BYTES), null);
    }
    HostTensor image = HostTensor.of(content.clone(), TinyImages.SIDE, TinyImages.SIDE, 3);
    return Example.of(id, "image", image);
  }
}

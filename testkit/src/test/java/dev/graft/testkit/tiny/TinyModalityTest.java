package dev.graft.testkit.tiny;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.Modality;
import dev.graft.testkit.contract.ModalityContract;
import java.util.List;

final class TinyModalityTest extends ModalityContract {

  @Override
  protected Modality modality() {
    return new TinyModality();
  }

  @Override
  protected Preprocessing preprocessing() {
    return new TinyPreprocessing(TinyPreprocessing.PIXELS);
  }

  @Override
  protected List<Example> examples() {
    TinyImages images = new TinyImages(2, 1);
    return List.of(images.load(0), images.load(1));
  }
}

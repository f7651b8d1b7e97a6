package dev.graft.testkit.tiny;

import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.testkit.contract.ModelFamilyContract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;

final class TinyFamilyTest {

  private static final List<Integer> ROWS = List.of(0, 1, 2, 3);

  @Nested
  class Pictures extends ModelFamilyContract {

    @Override
    protected ModelFamily family() {
      return new TinyFamily();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "tiny");
    }

    @Override
    protected NamedTensors inputs() {
      TinyPreprocessing preprocessing = new TinyPreprocessing("pixels");
      TinyImages data = new TinyImages(ROWS.size(), 1);
      return preprocessing.collate(
          ROWS.stream().map(data::load).map(preprocessing.evalTransform()::apply).toList());
    }
  }

  @Nested
  class Rows extends ModelFamilyContract {

    @Override
    protected ModelFamily family() {
      return new TinyFamily();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", "tiny", "input", "numeric", "num_labels", 1);
    }

    @Override
    protected NamedTensors inputs() {
      TinyTable data = new TinyTable(4, 1, false);
      return new TinyPreprocessing("numeric")
          .collate(IntStream.range(0, 4).mapToObj(data::load).toList());
    }
  }
}

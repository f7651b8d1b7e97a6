package dev.graft.tabular;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.plan.Settings;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.NamedTensors;
import dev.graft.testkit.contract.DataSourceContract;
import dev.graft.testkit.contract.ModalityContract;
import dev.graft.testkit.contract.ModelFamilyContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The promises that every plugin of these kinds makes. */
final class ContractsTest {

  private static final TablePreprocessing COLUMNS =
      new TablePreprocessing(
          List.of(
              new TableColumn.Numeric("age", 50, 10),
              new TableColumn.Categorical("sex", List.of("f", "m")),
              new TableColumn.Unused("note")),
          TablePreprocessing.NewColumns.REFUSE);

  private static List<Example> rows() {
    return List.of(
        new Example("one", Map.of("age", Cells.number(63), "sex", Cells.text("f"))),
        new Example("two", Map.of("age", Cells.number(41), "sex", Cells.text("m"))));
  }

  @Nested
  class Source extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new CsvSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      Path file = folder.resolve("patients.csv");
      return Files.writeString(file, "age,sex,ill\n63,f,1\n41,m,0\n,m,0\n52,f,1\n");
    }

    @Override
    protected Settings settings() {
      return Settings.of("positive", "ill=1");
    }
  }

  @Nested
  class Kind extends ModalityContract {

    @Override
    protected Modality modality() {
      return new TableModality();
    }

    @Override
    protected Preprocessing preprocessing() {
      return COLUMNS;
    }

    @Override
    protected List<Example> examples() {
      return rows();
    }
  }

  /** The family with one of its normalisations. */
  private abstract static class Family extends ModelFamilyContract {

    abstract String norm();

    @Override
    protected ModelFamily family() {
      return new TableMlp();
    }

    @Override
    protected Map<String, Object> config() {
      return Map.of(
          "model_type", "table_mlp", "columns", TableMlp.columns(COLUMNS), "norm", norm());
    }

    @Override
    protected NamedTensors inputs() {
      return COLUMNS.collate(rows().stream().map(COLUMNS.evalTransform()::apply).toList());
    }
  }

  @Nested
  class LayerNormFamily extends Family {
    @Override
    String norm() {
      return "layer";
    }
  }

  @Nested
  class BatchNormFamily extends Family {
    @Override
    String norm() {
      return "batch";
    }
  }
}

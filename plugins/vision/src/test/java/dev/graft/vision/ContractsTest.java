package dev.graft.vision;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import dev.graft.testkit.contract.DataSourceContract;
import dev.graft.testkit.contract.ModalityContract;
import dev.graft.vision.image.TestImages;
import dev.graft.vision.preprocessing.ImageModality;
import dev.graft.vision.preprocessing.ImagePreprocessing;
import dev.graft.vision.source.IdxSource;
import dev.graft.vision.source.ImageFolderSource;
import dev.graft.vision.source.ImageTableSource;
import dev.graft.vision.source.NpzSource;
import dev.graft.vision.source.SampleFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The promises that every plugin of these kinds makes. */
final class ContractsTest {

  @Nested
  class Images extends ModalityContract {

    @Override
    protected Modality modality() {
      return new ImageModality();
    }

    @Override
    protected Preprocessing preprocessing() {
      return ImagePreprocessing.read(
              Map.of(
                  "size",
                  16,
                  "channel_order",
                  "BGR",
                  "image_mean",
                  List.of(0.5, 0.4, 0.3),
                  "image_std",
                  List.of(0.2, 0.3, 0.4)))
          .preprocessing();
    }

    @Override
    protected List<Example> examples() {
      return List.of(
          ImageModality.example("one", TestImages.noisy(20, 24, 3, 1)),
          ImageModality.example("two", TestImages.noisy(30, 18, 1, 2)));
    }
  }

  @Nested
  class Folders extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new ImageFolderSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      return SampleFolders.classes(folder, "", "ant", "bee");
    }
  }

  @Nested
  class FoldersOfParts extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new ImageFolderSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      Path root = SampleFolders.classes(folder, "train", "ant", "bee");
      return SampleFolders.classes(root, "valid", "bee");
    }
  }

  @Nested
  class Tables extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new ImageTableSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      return SampleFolders.table(folder);
    }
  }

  @Nested
  class Idx extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new IdxSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      return SampleFolders.idx(folder, "train");
    }
  }

  @Nested
  class Npz extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new NpzSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      return SampleFolders.npz(folder);
    }
  }
}

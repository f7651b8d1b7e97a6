package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFolderTest {

  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path temp;

  @Test
  void aSingleFile() throws IOException {
    weights("a").save(temp.resolve("model.safetensors"));
    assertEquals(List.of("a"), List.copyOf(Weights.open(temp).names()));
  }

  @Test
  void aSingleCheckpoint() throws IOException {
    Files.write(
        temp.resolve("pytorch_model.bin"),
        TorchBytes.zip(TorchBytes.stateDict(false), TorchBytes.storages()));
    assertEquals(3, Weights.open(temp).names().size());
  }

  @Test
  void shardsInTheOrderOfTheIndex() throws IOException {
    weights("b", "c").save(temp.resolve("2.safetensors"));
    weights("a").save(temp.resolve("1.safetensors"));
    index("\"b\":\"2.safetensors\",\"a\":\"1.safetensors\",\"c\":\"2.safetensors\"");
    Weights weights = Weights.open(temp);
    assertEquals(List.of("b", "a", "c"), List.copyOf(weights.names()));
    assertEquals(1, weights.get("a").get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/etc/passwd", "sub/x", "..", "a\\\\b", "C:x", "", "a\\u0000b"})
  void aShardOutsideTheFolder(String name) throws IOException {
    index("\"a\":\"" + name + "\"");
    refused(Reason.UNSAFE_NAME);
  }

  @Test
  void aShardThatIsALink() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside")).resolve("w.safetensors");
    weights("a").save(outside);
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("w.safetensors"), outside);
    Files.writeString(folder.resolve(INDEX), "{\"weight_map\":{\"a\":\"w.safetensors\"}}");
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(folder));
    assertEquals(Reason.UNSAFE_NAME, e.reason());
  }

  @Test
  void theHubsCacheLinksToItsBlobs() throws IOException {
    Path blob = Files.createDirectory(temp.resolve("blobs")).resolve("0123");
    weights("a").save(blob);
    Path snapshot = Files.createDirectories(temp.resolve("snapshots/main"));
    Files.createSymbolicLink(snapshot.resolve("w.safetensors"), Path.of("../../blobs/0123"));
    Files.writeString(snapshot.resolve(INDEX), "{\"weight_map\":{\"a\":\"w.safetensors\"}}");
    assertEquals(List.of("a"), List.copyOf(Weights.open(snapshot).names()));
  }

  @Test
  void aShardThatIsMissing() throws IOException {
    index("\"a\":\"1.safetensors\"");
    refused(Reason.BAD_INDEX);
  }

  @Test
  void aTensorThatIsNotInItsShard() throws IOException {
    weights("a").save(temp.resolve("1.safetensors"));
    index("\"a\":\"1.safetensors\",\"b\":\"1.safetensors\"");
    refused(Reason.BAD_INDEX);
  }

  @Test
  void aTensorThatIsNotInTheIndex() throws IOException {
    weights("a", "b").save(temp.resolve("1.safetensors"));
    index("\"a\":\"1.safetensors\"");
    refused(Reason.BAD_INDEX);
  }

  @Test
  void anIndexWithoutNames() throws IOException {
    index("");
    refused(Reason.BAD_INDEX);
    Files.writeString(temp.resolve(INDEX), "{\"weight_map\":{\"a\":1}}");
    refused(Reason.BAD_INDEX);
  }

  @Test
  void aFolderWithoutWeights() {
    NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> Weights.open(temp));
    assertTrue(e.getMessage().contains("model.safetensors"), e.getMessage());
  }

  private void refused(Reason reason) {
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(temp));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private void index(String places) throws IOException {
    Files.writeString(temp.resolve(INDEX), "{\"metadata\":{},\"weight_map\":{" + places + "}}");
  }

  private static Weights weights(String... names) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, HostTensor.scalar((float) (name.charAt(0) - 'a' + 1)));
    }
    return Weights.of(tensors);
  }
}

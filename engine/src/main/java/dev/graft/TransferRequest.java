package dev.graft;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Json;
import dev.graft.plan.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody asks for, as plain data; it stands in the run folder, so that a run can be resumed
 * by its folder alone.
 *
 * @param base folder of the pretrained model
 * @param data folder of labelled examples
 * @param format id of the data source; empty: recognised
 * @param dataSettings settings of the data source
 * @param methods transfer methods with their settings
 * @param seed all randomness derives from it
 * @param perClass labelled examples per class to use; 0: all
 * @param preprocessing settings that replace those of the base, for example {@code input_size}
 * @param others folders of further data sets by name, see {@link OtherData}
 * @param companions folders of other models that methods may ask for, by name: {@code teacher}
 * @param tasks what the same network is to do besides, in order
 * @param alone name of the one task that is carried out, of several; empty: all
 */
public record TransferRequest(
    String base,
    String data,
    String format,
    Map<String, Object> dataSettings,
    List<Choice> methods,
    long seed,
    int perClass,
    Map<String, Object> preprocessing,
    Map<String, String> others,
    Map<String, String> companions,
    List<OtherTask> tasks,
    String alone) {

  private static final String FILE = "request.json";

  public TransferRequest {
    // A request that was written before there were any has none.
    others = others == null ? Map.of() : new TreeMap<>(others);
    companions = companions == null ? Map.of() : new TreeMap<>(companions);
    tasks = tasks == null ? List.of() : List.copyOf(tasks);
    alone = alone == null ? "" : alone;
  }

  /** Everything but the folders at its default. */
  static TransferRequest of(Path base, Path data) {
    return new TransferRequest(
        base.toString(),
        data.toString(),
        "",
        Map.of(),
        List.of(Choice.of("linear-probe")),
        0,
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        "");
  }

  /** Reads the request of a run folder. */
  static TransferRequest read(Path run) throws IOException {
    return Json.read(run.resolve(FILE), new TypeReference<TransferRequest>() {});
  }

  /** Writes the request into a run folder. */
  void write(Path run) throws IOException {
    AtomicFiles.write(run.resolve(FILE), Json.write(this));
  }

  TransferRequest withFormat(String value, Map<String, Object> settings) {
    return new TransferRequest(
        base,
        data,
        value,
        settings,
        methods,
        seed,
        perClass,
        preprocessing,
        others,
        companions,
        tasks,
        alone);
  }

  TransferRequest withMethods(List<Choice> value) {
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        value,
        seed,
        perClass,
        preprocessing,
        others,
        companions,
        tasks,
        alone);
  }

  TransferRequest withSeed(long value) {
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        value,
        perClass,
        preprocessing,
        others,
        companions,
        tasks,
        alone);
  }

  TransferRequest withPerClass(int value) {
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        value,
        preprocessing,
        others,
        companions,
        tasks,
        alone);
  }

  TransferRequest withPreprocessing(Map<String, Object> value) {
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        perClass,
        value,
        others,
        companions,
        tasks,
        alone);
  }

  TransferRequest withOther(String name, Path folder) {
    Map<String, String> all = new TreeMap<>(others);
    all.put(name, folder.toString());
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        perClass,
        preprocessing,
        all,
        companions,
        tasks,
        alone);
  }

  TransferRequest withCompanion(String name, Path folder) {
    Map<String, String> all = new TreeMap<>(companions);
    all.put(name, folder.toString());
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        perClass,
        preprocessing,
        others,
        all,
        tasks,
        alone);
  }

  TransferRequest withTask(OtherTask task) {
    List<OtherTask> all = new ArrayList<>(tasks);
    all.add(task);
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        perClass,
        preprocessing,
        others,
        companions,
        all,
        alone);
  }

  TransferRequest withAlone(String value) {
    return new TransferRequest(
        base,
        data,
        format,
        dataSettings,
        methods,
        seed,
        perClass,
        preprocessing,
        others,
        companions,
        tasks,
        value);
  }
}

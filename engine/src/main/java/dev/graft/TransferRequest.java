package dev.graft;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.data.Splitter;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Json;
import dev.graft.plan.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

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
 * @param validationShare share of them that selects, where the source gives no validation part
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
    Double validationShare,
    Map<String, Object> preprocessing,
    Map<String, String> others,
    Map<String, String> companions,
    List<OtherTask> tasks,
    String alone) {

  private static final String FILE = "request.json";

  public TransferRequest {
    // A request that was written before there were any has none.
    validationShare = validationShare == null ? Splitter.VALIDATION_SHARE : validationShare;
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
        Splitter.VALIDATION_SHARE,
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
    return changed(
        draft -> {
          draft.format = value;
          draft.dataSettings = settings;
        });
  }

  TransferRequest withMethods(List<Choice> value) {
    return changed(draft -> draft.methods = value);
  }

  TransferRequest withSeed(long value) {
    return changed(draft -> draft.seed = value);
  }

  TransferRequest withPerClass(int value) {
    return changed(draft -> draft.perClass = value);
  }

  TransferRequest withValidationShare(double value) {
    return changed(draft -> draft.validationShare = value);
  }

  TransferRequest withPreprocessing(Map<String, Object> value) {
    return changed(draft -> draft.preprocessing = value);
  }

  TransferRequest withOther(String name, Path folder) {
    return changed(draft -> draft.others.put(name, folder.toString()));
  }

  TransferRequest withCompanion(String name, Path folder) {
    return changed(draft -> draft.companions.put(name, folder.toString()));
  }

  TransferRequest withTask(OtherTask task) {
    return changed(draft -> draft.tasks.add(task));
  }

  TransferRequest withAlone(String value) {
    return changed(draft -> draft.alone = value);
  }

  /** Divides labelled data as is asked for. */
  Splitter splitter() {
    return Splitter.of(seed, perClass, validationShare);
  }

  private TransferRequest changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.request();
  }

  /** The parts that are set after base and data, while one of them changes. */
  private static final class Draft {

    private final TransferRequest start;
    private String format;
    private Map<String, Object> dataSettings;
    private List<Choice> methods;
    private long seed;
    private int perClass;
    private double validationShare;
    private Map<String, Object> preprocessing;
    private final Map<String, String> others;
    private final Map<String, String> companions;
    private final List<OtherTask> tasks;
    private String alone;

    Draft(TransferRequest start) {
      this.start = start;
      this.format = start.format;
      this.dataSettings = start.dataSettings;
      this.methods = start.methods;
      this.seed = start.seed;
      this.perClass = start.perClass;
      this.validationShare = start.validationShare;
      this.preprocessing = start.preprocessing;
      this.others = new TreeMap<>(start.others);
      this.companions = new TreeMap<>(start.companions);
      this.tasks = new ArrayList<>(start.tasks);
      this.alone = start.alone;
    }

    TransferRequest request() {
      return new TransferRequest(
          start.base,
          start.data,
          format,
          dataSettings,
          methods,
          seed,
          perClass,
          validationShare,
          preprocessing,
          others,
          companions,
          tasks,
          alone);
    }
  }
}

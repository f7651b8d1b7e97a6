package dev.graft.tabular;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of tables: a value, or none, for each named column. */
public final class TableModality implements Modality {

  /** Id of this modality. */
  public static final String ID = "table";

  private static final MissingTokens MISSING = MissingTokens.parse(MissingTokens.DEFAULT);

  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public About about() {
    return new About(
        ID,
        "rows of tables: numbers, categories and missing values by column",
        "RFC 4180, RFC 8259");
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings) {
    return TablePreprocessing.of(settings);
  }

  @Override
  public Optional<Preprocessing> fit(Dataset training) throws IOException {
    return Optional.of(TablePreprocessing.fit(training));
  }

  /**
   * Decodes one row: a JSON object with a number, a text, a truth value or null per column, or a
   * CSV text with a header and one row. Strictly UTF-8.
   */
  @Override
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    for (byte b : content) {
      if (b == '{') {
        return decodeJson(id, content);
      }
      if (!Character.isWhitespace(b)) {
        break;
      }
    }
    return decodeCsv(id, content);
  }

  private Example decodeJson(String id, byte[] content) throws CorruptExampleException {
    JsonNode object;
    try {
      object = json.readTree(content);
    } catch (JsonProcessingException e) {
      throw new CorruptExampleException(id, "no proper JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CorruptExampleException(id, "no proper JSON: " + e.getMessage(), e);
    }
    Map<String, HostTensor> cells = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      cells.put(entry.getKey(), cell(id, entry.getKey(), entry.getValue()));
    }
    return new Example(id, cells);
  }

  private static HostTensor cell(String id, String column, JsonNode value)
      throws CorruptExampleException {
    if (value.isNull()) {
      return Cells.MISSING;
    }
    if (value.isNumber() && Double.isFinite(value.doubleValue())) {
      return Cells.number(value.doubleValue());
    }
    if (value.isTextual() || value.isBoolean()) {
      return textCell(column, value.asText().strip());
    }
    throw new CorruptExampleException(
        id,
        "column '%s' holds %s; allowed: a finite number, a text, true, false, null"
            .formatted(column, value.getNodeType()),
        null);
  }

  private static HostTensor textCell(String column, String text) {
    return MISSING.contains(column, text) ? Cells.MISSING : Cells.text(text);
  }

  private static Example decodeCsv(String id, byte[] content) throws CorruptExampleException {
    CsvText table;
    try {
      table = CsvText.parse(id, content, CsvText.Separator.AUTO);
    } catch (IOException e) {
      throw new CorruptExampleException(id, e.getMessage(), e);
    }
    if (table.rows().size() != 1) {
      throw new CorruptExampleException(
          id,
          "a header and one row are expected, there are %d".formatted(table.rows().size()),
          null);
    }
    List<String> fields = table.rows().get(0).fields();
    if (fields.size() != table.header().size()) {
      throw new CorruptExampleException(
          id, "%d fields, the header has %d".formatted(fields.size(), table.header().size()), null);
    }
    Map<String, HostTensor> cells = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      cells.put(table.header().get(i), textCell(table.header().get(i), fields.get(i)));
    }
    return new Example(id, cells);
  }

  /** The row as a table of two columns: name and value. */
  @Override
  public Optional<String> html(Example example) {
    StringBuilder html = new StringBuilder("<table class=\"row\">");
    example
        .values()
        .forEach(
            (name, cell) ->
                html.append("<tr><th>")
                    .append(escaped(name))
                    .append("</th><td>")
                    .append(Cells.isMissing(cell) ? "" : escaped(Cells.text(cell)))
                    .append("</td></tr>"));
    return Optional.of(html.append("</table>").toString());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

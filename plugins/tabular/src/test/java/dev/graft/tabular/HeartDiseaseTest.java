package dev.graft.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four hospitals with the same columns, written differently and with different gaps. */
final class HeartDiseaseTest {

  private static final Settings ILL = Settings.of("positive", "num>0").with("missing", "?,chol=0");

  private static Dataset site(String name) throws IOException {
    Path folder = SharedFolder.require("data/heart-disease-sites");
    return new dev.graft.tabular.CsvSource().open(folder.resolve(name + ".csv"), ILL).training();
  }

  @ParameterizedTest
  @CsvSource({
    "cleveland, 303, 139",
    "hungarian, 294, 106",
    "switzerland, 123, 115",
    "va, 200, 149"
  })
  void rowsAndPositivesAreThoseOfTheSource(String site, int rows, int ill) throws IOException {
    Dataset data = site(site);
    assertEquals(rows, data.size());
    int positives = 0;
    for (int i = 0; i < data.size(); i++) {
      positives += (int) data.target(i);
    }
    assertEquals(ill, positives);
    assertEquals(List.of("num<=0", "num>0"), data.classes());
  }

  @Test
  void columnsOfClevelandAreWhatTheyAre() throws IOException {
    TablePreprocessing fitted = TablePreprocessing.fit(site("cleveland"));
    assertEquals(
        List.of("age", "trestbps", "chol", "thalach", "oldpeak"),
        fitted.numeric().stream().map(TableColumn::name).toList());
    assertEquals(
        List.of("sex", "cp", "fbs", "restecg", "exang", "slope", "ca", "thal"),
        fitted.categorical().stream().map(TableColumn::name).toList());
    assertEquals(List.of("3", "6", "7"), fitted.categorical().get(7).values());
  }

  @Test
  void otherHospitalsMeetTheColumnsOfCleveland() throws IOException {
    TablePreprocessing fitted = TablePreprocessing.fit(site("cleveland"));
    int chol = fitted.numeric().stream().map(TableColumn::name).toList().indexOf("chol");
    for (String name : List.of("hungarian", "switzerland", "va")) {
      Dataset data = site(name);
      int gaps = 0;
      int unknown = 0;
      for (int i = 0; i < data.size(); i++) {
        var row = fitted.evalTransform().apply(data.load(i));
        gaps += (int) row.get("missing").get(chol);
        for (long index : row.get("categorical").toLongs()) {
          unknown += index == TableColumn.Categorical.UNKNOWN ? 1 : 0;
        }
      }
      assertTrue(unknown <= 3, name + " writes its categories otherwise: " + unknown);
      assertTrue(!name.equals("switzerland") || gaps == data.size(), "chol is unknown there");
    }
  }
}

(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const RIGHT = "rgb(31, 119, 120)";
  const WRONG = "rgb(204, 92, 45)";
  Chart.defaults.animation = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = "#5b6875";

  // An epoch is labelled with its number, the first of a phase with the phase's name below.
  const labels = data.epochs.map((epoch, i) =>
    i === 0 || data.phases[i] !== data.phases[i - 1] ? [String(epoch), data.phases[i]] : String(epoch));

  const phaseBorders = {
    id: "phaseBorders",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.strokeStyle = "#b6bec6";
      ctx.setLineDash([4, 4]);
      for (let i = 1; i < data.phases.length; i++) {
        if (data.phases[i] !== data.phases[i - 1]) {
          const x = scales.x.getPixelForValue(i);
          ctx.beginPath();
          ctx.moveTo(x, chartArea.top);
          ctx.lineTo(x, chartArea.bottom);
          ctx.stroke();
        }
      }
      ctx.restore();
    }
  };

  function series(label, values, color) {
    return {
      label,
      data: values,
      borderColor: color,
      backgroundColor: color,
      borderWidth: 2,
      tension: 0,
      spanGaps: false,
      pointRadius: values.map((_, i) => (i === data.kept ? 6 : values.length > 40 ? 0 : 2.5)),
      pointStyle: values.map((_, i) => (i === data.kept ? "rectRot" : "circle"))
    };
  }

  // Three digits and no exponent, which people read faster than 5.1E-5.
  const plain = (value) =>
    new Intl.NumberFormat("en", { maximumSignificantDigits: 3, useGrouping: false }).format(value);

  function curve(id, datasets, fromZero) {
    const canvas = document.getElementById(id);
    if (!canvas) {
      return;
    }
    new Chart(canvas, {
      type: "line",
      data: { labels, datasets },
      options: {
        aspectRatio: 1.6,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { position: "bottom", labels: { boxHeight: 2, boxWidth: 24 } },
          tooltip: {
            callbacks: {
              title: (items) => {
                const i = items[0].dataIndex;
                const kept = i === data.kept ? " (kept)" : "";
                return data.phases[i] + ", epoch " + data.epochs[i] + kept;
              }
            }
          }
        },
        scales: {
          x: {
            grid: { display: false },
            ticks: { maxRotation: 0, autoSkipPadding: 8 },
            title: { display: true, text: "epoch" }
          },
          y: { beginAtZero: fromZero, ticks: { callback: plain } }
        }
      },
      plugins: [phaseBorders]
    });
  }

  curve("loss", [
    series("training", data.trainingLoss, WRONG),
    series("validation", data.validationLoss, RIGHT)
  ], true);
  curve("metric", [series("validation " + data.metric + " (◆ kept)", data.validationMetric, RIGHT)], false);

  const scatter = document.getElementById("scatter");
  if (scatter) {
    const all = data.points.flat();
    const ends = [Math.min(...all), Math.max(...all)];
    new Chart(scatter, {
      type: "scatter",
      data: {
        datasets: [
          {
            label: "test example",
            data: data.points.map(([x, y]) => ({ x, y })),
            backgroundColor: "rgba(31, 119, 120, .5)"
          },
          {
            label: "exact",
            type: "line",
            data: ends.map((end) => ({ x: end, y: end })),
            borderColor: WRONG,
            borderDash: [6, 4],
            borderWidth: 1.5,
            pointRadius: 0
          }
        ]
      },
      options: {
        aspectRatio: 1.6,
        plugins: { legend: { position: "bottom" } },
        scales: {
          x: { title: { display: true, text: "true" } },
          y: { title: { display: true, text: "predicted" } }
        }
      }
    });
  }
})();

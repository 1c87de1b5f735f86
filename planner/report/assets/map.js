/* The report's map: layers from the data in the page, switches in the legend, links from the tables. */
(function () {
  "use strict";

  const page = JSON.parse(document.getElementById("map-data").textContent);
  const MAX_LABELS = 400;
  const MAX_HIT_LINES = 1500;
  const MAX_TAB_STOPS = 40;
  const layers = {};
  const found = {};
  const labels = [];
  let state = page.has_after ? 1 : 0;

  document.documentElement.classList.add("has-map");
  const map = L.map("map", {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.05,
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile,
  });
  L.control.zoom({ zoomInTitle: page.words.zoom_in, zoomOutTitle: page.words.zoom_out }).addTo(map);
  map.on("popupopen", (event) => {
    const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) {
      close.setAttribute("aria-label", page.words.close);
    }
  });
  // The wheel scrolls the page until the reader has taken the map in hand.
  map.on("click focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  function make(tag, text, parent) {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  // Texts from the data only ever become text nodes.
  function toPopup(properties) {
    const box = document.createElement("div");
    make("strong", properties.t, box);
    const list = document.createElement("dl");
    (properties.f || []).forEach((fact) => {
      make("dt", fact[0], list);
      make("dd", fact[1], list);
    });
    box.appendChild(list);
    return box;
  }

  function toFill(style, properties) {
    return properties.s && !properties.s[state] ? style.weak_fill : style.fill;
  }

  function toMark(style, feature, latlng, size, hasTabStop, lift) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 20 20");
    const strokes = style.halo ? [[style.halo, style.width + 3]] : [];
    strokes.concat([[style.color, style.width]]).forEach((stroke) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", style.path);
      path.setAttribute("fill", style.fill);
      path.setAttribute("stroke", stroke[0]);
      path.setAttribute("stroke-width", stroke[1]);
      path.setAttribute("stroke-linecap", "round");
      svg.appendChild(path);
    });
    const icon = L.divIcon({ className: "mark", html: svg, iconSize: [size, size] });
    return L.marker(latlng, { icon: icon, title: feature.properties.t, keyboard: hasTabStop, zIndexOffset: lift });
  }

  function toLines(data, style, pane) {
    const group = L.featureGroup();
    const common = { pane: pane, interactive: false, smoothFactor: 0.7 };
    if (style.halo) {
      const halo = { color: style.halo, weight: style.width + 3, opacity: 0.9 };
      L.geoJSON(data, Object.assign({ style: halo }, common)).addTo(group);
    }
    const line = { color: style.color, weight: style.width, dashArray: style.dash || null, opacity: 1 };
    // A wide line that cannot be seen is easier to hit.
    const hasHitLines = data.features.length <= MAX_HIT_LINES;
    const visible = L.geoJSON(data, Object.assign({ style: line }, common, { interactive: !hasHitLines }));
    visible.addTo(group);
    const hit = hasHitLines
      ? L.geoJSON(data, { pane: pane, style: { color: "#000", weight: 14, opacity: 0 } }).addTo(group)
      : visible;
    return { group: group, touch: hit };
  }

  function toAreas(data, style, pane) {
    const group = L.geoJSON(data, {
      pane: pane,
      style: (feature) => ({
        color: style.color,
        weight: style.width,
        fillColor: toFill(style, feature.properties),
        fillOpacity: 1,
      }),
    });
    return { group: group, touch: group };
  }

  function toPoints(data, style, pane, position) {
    const hasTabStops = data.features.length <= MAX_TAB_STOPS;
    const group = L.geoJSON(data, {
      pane: pane,
      pointToLayer: (feature, latlng) =>
        style.shape === "mark"
          ? toMark(style, feature, latlng, page.layers[position].size, hasTabStops, position * 1000)
          : L.circleMarker(latlng, { pane: pane, radius: 4.5, color: style.color, weight: style.width, fillOpacity: 1 }),
      style: (feature) => ({ fillColor: toFill(style, feature.properties) }),
    });
    return { group: group, touch: group };
  }

  const makers = { area: toAreas, line: toLines, site: toPoints, mark: toPoints };

  page.layers.forEach((layer, position) => {
    const style = page.styles[layer.key];
    const pane = style.shape === "mark" ? "markerPane" : "layer-" + layer.key;
    if (style.shape !== "mark") {
      map.createPane(pane).style.zIndex = 400 + position;
    }
    const made = makers[style.shape](layer.data, style, pane, position);
    made.touch.eachLayer((part) => {
      part.bindPopup(() => toPopup(part.feature.properties), { maxWidth: 300 });
      const key = part.feature.properties.k;
      if (key) {
        found[key] = { part: part, layer: layer.key };
      }
    });
    layers[layer.key] = made.group;
  });

  function toBounds() {
    const bounds = L.latLngBounds([]);
    ["existing", "new", "sites"].forEach((key) => layers[key] && bounds.extend(layers[key].getBounds()));
    return bounds;
  }
  map.createPane("labels").style.zIndex = 650;
  map.getPane("labels").style.pointerEvents = "none";
  const labelGroup = L.layerGroup();

  function makeLabels() {
    const sites = page.layers.find((layer) => layer.key === "sites");
    const brush = document.createElement("canvas").getContext("2d");
    brush.font = "12px sans-serif";
    const named = sites ? sites.data.features.filter((site) => site.properties.l) : [];
    named.slice(0, MAX_LABELS).forEach((site) => {
      const text = site.properties.l;
      const box = document.createElement("span");
      box.textContent = text;
      const icon = L.divIcon({ className: "site-label", html: box, iconSize: null });
      const at = L.latLng(site.geometry.coordinates[1], site.geometry.coordinates[0]);
      const marker = L.marker(at, { icon: icon, pane: "labels", interactive: false, keyboard: false });
      labels.push({ at: at, width: brush.measureText(text).width + 8, marker: marker });
    });
  }

  // Sites come in the order of their weight: each name is set where no name stands already.
  function placeLabels() {
    const taken = [];
    labels.forEach((label) => {
      const point = map.latLngToLayerPoint(label.at);
      const box = [point.x + 5, point.y - 9, point.x + 9 + label.width, point.y + 9];
      const isFree = taken.every((o) => box[0] > o[2] || o[0] > box[2] || box[1] > o[3] || o[1] > box[3]);
      if (isFree) {
        taken.push(box);
        labelGroup.addLayer(label.marker);
      } else {
        labelGroup.removeLayer(label.marker);
      }
    });
  }

  function setLayer(key, isOn) {
    if (layers[key]) {
      map[isOn ? "addLayer" : "removeLayer"](layers[key]);
    }
    if (key === "sites") {
      map[isOn ? "addLayer" : "removeLayer"](labelGroup);
    }
  }

  function showFound(keys) {
    const bounds = L.latLngBounds([]);
    const hits = keys.map((key) => found[key]).filter(Boolean);
    hits.forEach((hit) => {
      const box = document.querySelector('[data-layer="' + hit.layer + '"]');
      box.checked = true;
      setLayer(hit.layer, true);
      bounds.extend(hit.part.getBounds ? hit.part.getBounds() : hit.part.getLatLng());
    });
    if (hits.length) {
      map.closePopup();
      map.fitBounds(bounds, { padding: [60, 60], maxZoom: startZoom + 2, animate: false });
      hits[0].part.openPopup();
    }
  }

  function setState(value) {
    state = value;
    ["regions", "sites"].forEach((key) => {
      if (layers[key]) {
        layers[key].eachLayer((part) =>
          part.setStyle({ fillColor: toFill(page.styles[key], part.feature.properties) })
        );
      }
    });
  }

  const bounds = toBounds();
  let isTaken = false;
  let startZoom = 1;

  function fit() {
    if (bounds.isValid()) {
      map.fitBounds(bounds, { padding: [24, 24], animate: false });
    } else {
      map.setView([0, 0], 1);
    }
    startZoom = map.getZoom();
  }

  fit();
  // Until the reader takes the map in hand, it fills whatever room it gets.
  ["pointerdown", "wheel", "keydown"].forEach((kind) =>
    document.addEventListener(kind, () => { isTaken = true; }, { once: true })
  );
  map.on("resize", () => isTaken || fit());
  makeLabels();
  placeLabels();
  map.on("zoomend", placeLabels);
  document.querySelectorAll("[data-layer]").forEach((box) => {
    setLayer(box.dataset.layer, box.checked);
    box.addEventListener("change", () => setLayer(box.dataset.layer, box.checked));
  });
  document.querySelectorAll('[name="state"]').forEach((radio) => {
    radio.addEventListener("change", () => setState(Number(radio.value)));
    if (radio.checked) {
      setState(Number(radio.value));
    }
  });
  document.querySelectorAll("[data-find]").forEach((link) => {
    link.addEventListener("click", () => showFound(JSON.parse(link.dataset.find)));
  });
})();

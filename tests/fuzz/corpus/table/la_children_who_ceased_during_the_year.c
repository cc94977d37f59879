time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code,cla_group,characteristic,number,percentage
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,1 to 4 years,900,19
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,10 to 15 years,710,15
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,16 years,290,6
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,17 years,260,6
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,18 years and over,1830,39
2024,Reporting year,National,X92000001,Valmarch,,,,,,Age on ceasing,5 to 9 years,530,11
